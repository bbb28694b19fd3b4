import { imbalances, type Result } from '../result.js'
import { formatCounts, formatMs, money } from './format.js'
import { renderTree } from './render-tree.js'

/** What a run prints below its progress bar. */
export function transcript(result: Result): string {
  const { accepted, rejected, retried, shipped, deadLettered, rejections, deadLetters, latencyMs, conversation, order } = result
  const latency =
    latencyMs === undefined ? '' : `command → shipped   p50 ${formatMs(latencyMs.p50)}   p95 ${formatMs(latencyMs.p95)}   p99 ${formatMs(latencyMs.p99)}`
  const lines = [
    '',
    row('accepted', accepted, ''),
    row('rejected', rejected, formatCounts(rejections)),
    row('retried', retried, retried === 0 ? '' : 'charged at the second or third attempt'),
    row('dead letters', deadLettered, formatCounts(deadLetters)),
    row('shipped', shipped, ''),
    ...(latency === '' ? [] : [`  ${'latency'.padEnd(12)}  ${latency}`]),
  ]
  if (conversation !== undefined) lines.push('', '  one order, from the command to the last effect', ...renderTree(conversation).map((line) => `  ${line}`))
  if (order !== undefined) lines.push(`  GetOrder answers: ${order.status}, ${money(order.cents)}`)
  return `${[...lines, '', ...problems(result), ...swapHint(result), lastLine(result)].join('\n')}\n`
}

export const lastLine = ({ read, accepted, rejected, shipped, deadLettered }: Result): string =>
  `orders: ${read} read, ${accepted} accepted, ${rejected} rejected, ${shipped} shipped, ${deadLettered} dead-lettered`

const row = (label: string, count: number, detail: string): string => `  ${label.padEnd(12)} ${String(count).padStart(5)}   ${detail}`.trimEnd()

const named = 5
function problems(result: Result): string[] {
  const { missing } = result
  const some = `${missing.slice(0, named).join(', ')}${missing.length > named ? ', …' : ''}`
  const lines = missing.length === 0 ? [] : [`  missing: ${missing.length} orders are neither shipped nor dead-lettered, and nothing happens any more: ${some}`]
  lines.push(...imbalances(result).map((what) => `  wrong: ${what}`))
  return lines.length === 0 ? [] : [...lines, '']
}

const swapHint = ({ transport }: Result): string[] =>
  transport.startsWith('memory:') ? ['  what it asks of a broker:  npx -y pnpm@12.21.0 start --report', ''] : []
