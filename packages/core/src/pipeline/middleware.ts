export type { Middleware } from '../context/index.js'
