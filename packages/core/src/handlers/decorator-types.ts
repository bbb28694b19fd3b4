import type { MessageContext } from '../context/message-context.js'
import type { AnyMessage, Mistake, ReturnOf } from '../messages/index.js'
import type { Handler } from './handler.js'

/**
 * A decorator of a class with `handle`, or of a method. ONE signature for class and method, legacy and standard: with one
 * per form the compiler reports the last that it tried, which is never the mistake.
 */
export interface HandlerDecorator<M, Reply> {
  <T, Key, D>(target: Target<T, Key, M, Reply>, key?: Key, descriptor?: Descriptor<D, M, Reply>): void
}

/** Without an argument: on a legacy method only, where `emitDecoratorMetadata` records the first parameter. Kind and reply are checked as well. */
export interface InferredDecorator<Any extends AnyMessage> {
  <T, Key, D>(target: InferredTarget<T, Key>, key?: Key, descriptor?: InferredDescriptor<D, Any>): void
}

type Callable = (...args: never[]) => unknown
type Constructor<Instance> = abstract new (...args: never[]) => Instance

type Target<T, Key, M, Reply> = [Misplaced<T, Key>] extends [never]
  ? Key extends string | symbol
    ? T
    : T extends Constructor<infer Instance>
      ? Instance extends { handle: infer F }
        ? Fits<F, M, Reply, T>
        : Mistake<'the class needs a public method', 'handle'>
      : T extends Callable
        ? Fits<T, M, Reply, T>
        : T
  : Misplaced<T, Key>
type Descriptor<D, M, Reply> = D extends TypedPropertyDescriptor<infer F> ? Fits<F, M, Reply, D> : D

type Misplaced<T, Key> = Key extends string | symbol
  ? T extends Constructor<object>
    ? Mistake<'decorate an instance method, not the static', Key>
    : never
  : Key extends { kind: 'getter' | 'setter' | 'field' | 'accessor' }
    ? Mistake<'decorate a method, not a', Key['kind']>
    : never

type Fits<F, M, Reply, Ok> = F extends Handler<M, Reply> ? Ok : Fault<F, M, Reply>
type Fault<F, M, Reply> = F extends (message: M, context: MessageContext) => infer Got
  ? [Reply] extends [void]
    ? Mistake<'the handler must return nothing, it returns', Awaited<Got>>
    : Mistake<'the handler must reply', Reply>
  : F extends (message: M, ...rest: never[]) => unknown
    ? Mistake<'the second parameter must be', MessageContext>
    : F extends Callable
      ? Mistake<'the first parameter must be', M>
      : Mistake<'decorate a method, not', F>

type InferredTarget<T, Key> = Key extends string | symbol
  ? T
  : T extends Constructor<object>
    ? Mistake<'a class has no parameter to infer from: give the message to the decorator of', T>
    : T extends (...args: infer Parameters) => unknown
      ? Mistake<'standard decorators know no types: give the decorator the class of', Parameters[0]>
      : T
type InferredDescriptor<D, Any extends AnyMessage> = D extends TypedPropertyDescriptor<infer F> ? Inferred<F, Any, D> : D
type Inferred<F, Any extends AnyMessage, Ok> = F extends (message: infer M, ...rest: never[]) => unknown
  ? M extends AnyMessage & Any
    ? Fits<F, M, ReturnOf<M>, Ok>
    : Mistake<'the first parameter must be', Any>
  : Mistake<'decorate a method, not', F>
