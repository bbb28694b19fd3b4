/** A behaviour of the catalogue that belongs to a feature which does not exist yet: it becomes a scenario together with it. */
export interface ComesWithItsFeature {
  /** A scenario, or a whole group of the catalogue. */
  readonly id: string
  readonly feature: string
}

const comingWith = (feature: string, ...ids: readonly string[]): readonly ComesWithItsFeature[] => ids.map((id) => ({ id, feature }))
const numbered = (group: string, first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${group}-${String(first + index).padStart(2, '0')}`)

/** Every scenario of the catalogue that is not here yet, by the feature that it waits for. */
export const comesWithItsFeature: readonly ComesWithItsFeature[] = [
  ...comingWith('outbox', 'OR-13', 'OR-14', ...numbered('OX', 1, 19), ...numbered('CR', 1, 18)),
  ...comingWith('sagas', ...numbered('SG', 1, 22)),
  ...comingWith('tenants', 'DQ-15', ...numbered('MT', 1, 10)),
  ...comingWith('redrive of dead letters', ...numbered('DQ', 9, 13)),
  ...comingWith('codecs: compression, encryption, signatures, claim check', 'PL-04', 'PL-13', 'SE-07', 'SE-13', 'SE-16'),
  ...comingWith('replay', 'PS-05', 'WB-17'),
  ...comingWith('dead-letter store', 'WB-20'),
  ...comingWith('feeds', 'SE-15', 'FT-26'),
  ...comingWith('patterns in the names of topics', 'SE-14'),
  ...comingWith('transports over a network', 'SE-17', 'SE-20'),
]
