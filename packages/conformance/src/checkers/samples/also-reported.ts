/** A checker that reports a violation which another is about. */
export interface AlsoReported {
  readonly sample: string
  readonly checker: string
  readonly because: string
}

/** All that there are: another, or one of these that is not reported any more, fails the command. */
export const alsoReported: readonly AlsoReported[] = [
  { sample: 'the next passes a released one, which never comes back', checker: 'I1', because: 'the released one was confirmed, began and came to no end' },
  { sample: 'a queue of two tenants gives each message to both', checker: 'I1', because: 'one message that was published once was handled twice' },
  { sample: 'a key runs in two slots of one', checker: 'I6', because: 'one slot was asked for, and two ran' },
  { sample: 'a refused message comes twice', checker: 'I1', because: 'the second run is a duplicate, whether the first was allowed or not' },
]
