/**
 * A URL, or what was meant to be one, for a log or an error: without the password of its user, and without values whose
 * names look like secrets. It works on the text: a password with a `/` or `#` that nobody has escaped makes another URL
 * of it, or none. Where a port is followed by an `@` it rather hides too much.
 */
export function redactUrl(url: string): string {
  return url.replace(secretValue, '$1***').replace(url.includes('//') ? passwordOfUser : passwordWithoutScheme, '$1***@')
}

/** First, for it may contain an `@`. To the end of the value, which a `#` does not end: it may be part of the secret. */
const secretValue = /((?:^|[?&;\s])[^=&;?\s]*(?:pass|pwd|secret|token|key|sig|auth|cred)[^=&;?\s]*\s*=\s*)(?:'[^']*'|"[^"]*"|[^&;\s]*)/gi
const passwordOfUser = /(\/\/[^\s:@/?#]*:)[^]*@/g
const passwordWithoutScheme = /^([^\s:@/?#]*:)[^]*@/
