/** What a declared message class knows at run time. Internal: users see the class. */
export interface MessageContract {
  readonly kind: 'command' | 'query' | 'event' | 'document'
  readonly type: string
  readonly version: number
  /** The topic of an event. @default its type */
  readonly topic: string
  readonly ordered: boolean
  readonly contentType: string
  readonly replies: boolean
  /** The declared ordering key of an instance. */
  keyOf(message: object): string | undefined
  /** What goes to the wire: a value for JSON, or the bytes of a document. */
  wireOf(message: object): unknown
  /** An instance from what came over the wire: upcast from `version`, validated, no constructor runs. Throws a `MessageError`. */
  read(data: unknown, version: number): object
  /** The validated output of what a handler returned, ready for JSON. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
  writeReply(value: unknown): unknown
  /** What the requester gets from the JSON of a reply. Throws `InvalidMessageError` (WAYBILL_INVALID_REPLY). */
  readReply(data: unknown): unknown
}
