import type { MessageKind } from './message.js'
import type { MessageClass } from './message-class.js'
import type { Mistake } from './mistake.js'
import type { InputOf, OutputOf, Schema } from './schema.js'
import type { Json, Survives } from './survives-json.js'

/**
 * The class to extend, or the mistake in its declaration. In the return type, not in a parameter: the error is
 * `Type 'Mistake<…>' is not a constructor function type`, and generic factories compile.
 */
export type Declared<Kind extends MessageKind, Type extends string, S extends Schema, R extends Schema, Wire> =
  DataVerdict<Type, InputOf<S>, OutputOf<S>, Wire> extends infer V
    ? V extends 'ok'
      ? ReplyVerdict<Type, InputOf<R>, OutputOf<R>> extends infer W
        ? W extends 'ok'
          ? MessageClass<Kind, Type, InputOf<S>, OutputOf<S>, InputOf<R>, OutputOf<R>>
          : W
        : never
      : V
    : never

/** `'ok'`, or the mistake: a message is one object, and its schema reads back from JSON what it put out. (A transform such as "times 100" is found at run time, on the first instance.) */
type DataVerdict<Type extends string, Input, Output, Wire> = 0 extends 1 & Output
  ? Mistake<`${Type}: describe the data as an object, not`, Output>
  : [Output] extends [object]
    ? Output extends readonly unknown[]
      ? Mistake<`${Type}: wrap the data in z.object({ … }), it is`, Output>
      : IsUnion<Output> extends true
        ? Mistake<`${Type}: wrap the union in z.object({ … }), it is`, Output>
        : Carried<Input, Output, Wire> extends true
          ? 'ok'
          : [Wire] extends [void]
            ? Mistake<
                `${Type}: these fields do not come back from JSON, use a codec or encode`,
                { [P in keyof Output]-?: P extends keyof Input ? (Survives<Input[P], Output[P]> extends true ? never : P) : never }[keyof Output]
              >
            : Mistake<`${Type}: the schema cannot read what encode returns`, Wire>
    : Mistake<`${Type}: wrap the data in z.object({ … }), it is`, Output>

/** A reply may be any JSON value, or nothing. */
type ReplyVerdict<Type extends string, Input, Output> = [Output] extends [void]
  ? 'ok'
  : Survives<Input, Output> extends true
    ? 'ok'
    : Mistake<`${Type}: this reply does not come back from JSON, use a codec`, Output>

type Carried<Input, Output, Wire> = [Wire] extends [void] ? Survives<Input, Output> : [Json<Wire>] extends [Input] ? true : false
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never
