import { ConfigurationError } from '../errors/index.js'
import { checkOptions, type Check } from '../wire/index.js'

/** Throws one `ConfigurationError` that names all that is wrong with the options of a step. `step` is the name of its factory. */
export function checkStepOptions(step: string, options: unknown, checks: Readonly<Record<string, Check>>): void {
  const problems = checkOptions(step, options, checks)
  if (problems.length > 0) throw new ConfigurationError(`the step ${step} cannot be made`, problems)
}
