import { propertyOptions, type Property, type PropertyReport } from '../support/property.js'

/** Of each of the two parts: ten thousand runs together. */
const runs = 5_000

/** What must go wrong often enough in each part. */
export const troubles = [
  'answers again',
  'copy refused',
  'copy refused for good',
  'copy unknown, not taken',
  'copy unknown, taken',
  'crash',
  'cut',
  'dead letter',
  'held message refused',
  'held message refused for good',
  'held message unknown, not taken',
  'held message unknown, taken',
  'no answer',
  'no answer, taken',
  'settlement lost',
  'stop',
] as const

export const storeTroubles = ['inbox claim: down', 'inbox give back: down', 'inbox mark: down', 'inbox mark: no answer', 'inbox mark: taken over'] as const

/** Runs a part and says how often it did; `often` is what has gone wrong in at least one run of a hundred. */
export async function checkPart(
  property: Property,
): Promise<{ readonly report: PropertyReport; readonly isWhole: boolean; readonly often: readonly string[] }> {
  const options = propertyOptions(runs)
  const report = await property.check(options)
  console.log(report.summary)
  const often = Object.entries(report.seen).filter(([, times]) => times >= report.runs / 100)
  // By its own count: a seed or a path from outside runs what it says.
  const isWhole = options.runs === runs && options.path === undefined
  if (isWhole && report.failure === undefined && report.runs !== runs) throw new Error(`${report.runs} runs were made, not ${runs}`)
  return { report, isWhole, often: often.map(([what]) => what).toSorted() }
}
