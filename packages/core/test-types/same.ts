type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles where the two types are the same: `same<A, B>(true)`. */
export declare function same<A, B>(_: Equal<A, B>): void
