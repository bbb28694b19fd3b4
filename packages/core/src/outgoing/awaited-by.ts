/** The system header that names the commands whose events somebody awaits. What is sent while one of them is handled, or anything that they have caused, carries the names on: so an event is known by the commands that led to it, also where a conversation has several. */
export const awaitedBy = 'awaited-by'

const most = 8
const longest = 1_024

/** Ids are unique per source only, and may have any character. */
export const awaitedName = (source: string, id: string): string => `${source}/${encodeURIComponent(id.toWellFormed())}`

export const awaitedNames = (header: string | undefined): readonly string[] => (header === undefined || header === '' ? [] : header.split(' '))

/** What came, and the newest name after it. The oldest are left out where there are too many: a chain of awaited commands without an end must not grow. */
export function carryOn(inherited: string | undefined, own: string | undefined): string | undefined {
  if (own === undefined) return inherited === '' ? undefined : inherited
  const names = [...awaitedNames(inherited).filter((name) => name !== own), own].slice(-most)
  while (names.length > 1 && names.join(' ').length > longest) names.shift()
  return names.join(' ')
}
