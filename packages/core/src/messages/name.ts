const longest = 200
const form = /^[\w/:-]+(?:\.[\w/:-]+)*$/

/** What the name of a type, a topic or a handler is made of: it travels through every broker and through headers. */
export const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= longest && form.test(value)

export const nameRule = `letters, digits, "-", "_", "/" and ":" in segments with "." between them, at most ${longest} characters`
