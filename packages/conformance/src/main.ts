#!/usr/bin/env node
import { main } from './command/main.js'

// Whoever reads only the first lines has seen enough.
process.stdout.on('error', () => process.exit(1))

process.exitCode = await main(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`))
