/** The system header that names the commands whose events somebody awaits. What is sent while one of them is handled, or anything that they have caused, carries the names on: so an event is known by the commands that led to it, also where a conversation has several. */
export const awaitedBy = 'awaited-by'

const most = 8
const longest = 1_024
/** Of one name: a bus has 100 characters, an id 255, each of them up to nine when it is encoded. */
const longestName = 2_400
const isName = (text: string): boolean => /^[\u0021-\u007e]+$/.test(text) && text.length <= longestName

/** Ids are unique per source only, and may have any character. */
export const awaitedName = (source: string, id: string): string => `${source}/${encodeURIComponent(id.toWellFormed())}`

/** The newest, as many as may travel. They come through topics too, where anybody may have written anything: no more of it is read. */
export function awaitedNames(header: string | undefined): readonly string[] {
  return header === undefined || header === ''
    ? none
    : newest(
        header
          .slice(-most * (longestName + 1))
          .split(' ')
          .filter(isName),
      )
}

const none: readonly string[] = Object.freeze([])

/** What came, and the newest name after it. The oldest are left out where there are too many: a chain of awaited commands without an end must not grow. */
export function carryOn(inherited: string | undefined, own: string | undefined): string | undefined {
  const came = awaitedNames(inherited)
  const names = own === undefined ? came : newest([...came.filter((name) => name !== own), own])
  return names.length === 0 ? undefined : names.join(' ')
}

function newest(names: readonly string[]): readonly string[] {
  const kept = names.slice(-most)
  while (kept.length > 1 && kept.join(' ').length > longest) kept.shift()
  return kept
}
