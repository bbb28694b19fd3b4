/** A compiler error that reads as a sentence. A readonly tuple, because for it the compiler adds no "Property … is missing" line. */
export type Mistake<Sentence extends string, About> = readonly [Sentence, About]
