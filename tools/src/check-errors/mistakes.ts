import type { Mistake } from '../checked.ts'

const error = (code: string, message = `The door "front" is locked. Knock (${code})`) => ({ code, message, cause: false })
const seen = (...errors: readonly object[]): string => JSON.stringify({ file: 'src/door.test.ts', errors })
const page = (...codes: readonly string[]): string => `# Errors\n\n| Code | Meaning |\n|---|---|\n${codes.map((code) => `| \`${code}\` | … |`).join('\n')}\n`

const source = 'packages/one/src/door.ts'
const record = 'packages/one/reports/unit-errors/door.json'
const errorsPage = 'docs/reference/errors.md'

/** One code, documented and provoked; the broker's fault behind it has words of its own. */
export const sound = {
  'packages/one/package.json': { name: '@waybill/one' },
  [source]: "export const code = 'WAYBILL_LOCKED'\nexport const fault = { code: 'WAYBILL_ONE_BROKEN' }\n",
  'packages/one/src/door.test.ts': "export const other = 'WAYBILL_ONLY_IN_A_TEST'\n",
  [record]: seen(error('WAYBILL_LOCKED'), { code: 'WAYBILL_ONE_BROKEN', message: 'broken', cause: true }),
  [errorsPage]: page('WAYBILL_LOCKED', 'WAYBILL_ONE_BROKEN'),
}

export const mistakes: readonly Mistake[] = [
  {
    title: 'a code that the page does not have',
    files: { [errorsPage]: page('WAYBILL_LOCKED') },
    said: 'WAYBILL_ONE_BROKEN (packages/one/src/door.ts) is not in docs/reference/errors.md',
  },
  {
    title: 'a row of a code that is gone',
    files: { [errorsPage]: page('WAYBILL_LOCKED', 'WAYBILL_ONE_BROKEN', 'WAYBILL_GONE') },
    said: 'has WAYBILL_GONE, which no source writes',
  },
  { title: 'a code with two rows', files: { [errorsPage]: page('WAYBILL_LOCKED', 'WAYBILL_ONE_BROKEN', 'WAYBILL_LOCKED') }, said: 'has WAYBILL_LOCKED twice' },
  {
    title: 'a code that no test provokes',
    files: { [record]: seen(error('WAYBILL_LOCKED')) },
    said: 'WAYBILL_ONE_BROKEN (packages/one/src/door.ts) was not seen',
  },
  {
    title: 'a message that does not end with its code',
    files: { [record]: seen(error('WAYBILL_LOCKED', 'The door "front" is locked. Knock'), error('WAYBILL_ONE_BROKEN')) },
    said: 'WAYBILL_LOCKED does not stand at the end',
  },
  {
    title: 'a message that does not say what to do',
    files: { [record]: seen(error('WAYBILL_LOCKED', 'The door "front" is locked (WAYBILL_LOCKED)'), error('WAYBILL_ONE_BROKEN')) },
    said: 'WAYBILL_LOCKED does not say what to do',
  },
  {
    title: 'a message that shows no value',
    files: { [record]: seen(error('WAYBILL_LOCKED', 'The door is locked. Knock (WAYBILL_LOCKED)'), error('WAYBILL_ONE_BROKEN')) },
    said: 'WAYBILL_LOCKED (packages/one/src/door.ts) shows no value',
  },
]
