import { arrivalSamples } from './arrival.js'
import { combinedSamples } from './combined.js'
import { orderSamples } from './order.js'
import { outcomeSamples } from './outcome.js'
import type { Sample } from './sample.js'
import { surroundingsSamples } from './surroundings.js'
import { timeSamples } from './time.js'

export { alsoReported, type AlsoReported } from './also-reported.js'
export { plantedSamples } from './planted.js'
export type { Sample } from './sample.js'

/** Histories whose verdict is known: what violates each promise, and what is legal at its edge. */
export const samples: readonly Sample[] = [...arrivalSamples, ...orderSamples, ...timeSamples, ...outcomeSamples, ...surroundingsSamples, ...combinedSamples]
