/** A URL for a log or an error: without user name's password, and without query values that look like secrets. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^@/]*@/, '//***@')
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  for (const name of parsed.searchParams.keys()) if (/pass|secret|token|key|sig/i.test(name)) parsed.searchParams.set(name, '***')
  return parsed.href
}
