export { decide, mostAttempts, ruleFor, type Decision, type Failure } from './decide.js'
export type { RecoveryPolicy, RecoveryRule, RetryOptions } from './policy.js'
export { checkRetry, defaultRetry, isPolicy, ruleOf, type PolicyLevel, type ResolvedPolicy } from './resolve-policy.js'
export { deadLetter, when, type DeadLetter, type ErrorClass, type ErrorTest, type RuleBuilder } from './when.js'
