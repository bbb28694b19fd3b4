const longest = 80

/** A value for an error message: on one line, without control characters, cut at 80 characters. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describeSafely(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

/** A revoked proxy, or a getter for `name`, throws when it is looked at. */
function describeSafely(value: unknown): string {
  try {
    return describe(value)
  } catch {
    return 'a value that cannot be read'
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'function':
      return value.name === '' ? 'a function' : value.name
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? `an array of ${value.length}` : 'an object'
    case 'bigint':
      return `${value}n`
    case 'string':
    case 'number':
    case 'boolean':
    case 'symbol':
    case 'undefined':
      return String(value)
  }
}
