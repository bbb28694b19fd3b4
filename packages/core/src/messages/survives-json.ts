/** What JSON carries unchanged. Assignability to it makes no types, so nearly every schema takes this way. */
type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** Where JSON cannot carry a value; assignable to `unknown` alone. */
declare abstract class NotJson {
  private readonly never: never
}

/** A value as `JSON.parse(JSON.stringify(value))` gives it back. */
export type Json<T> = T extends JsonValue
  ? T
  : T extends { toJSON(): infer J }
    ? J
    : T extends bigint | symbol | ((...args: never[]) => unknown) | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | ArrayBufferView
      ? NotJson
      : { [P in keyof T]: Json<T[P]> }

/** Whether a schema can read from JSON what it has put out. */
export type Survives<Input, Output> = [Output] extends [JsonValue] ? true : [Json<Output>] extends [Input] ? true : false
