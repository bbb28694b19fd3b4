export { Answers } from './answers.js'
export type { AnswerPipeline } from './reply-endpoint.js'
