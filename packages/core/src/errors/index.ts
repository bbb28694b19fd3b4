export { asError } from './as-error.js'
export { NotStartedError, StartTimeoutError, StoppedError, TransportError } from './bus-errors.js'
export { causeText } from './cause-text.js'
export { ConfigurationError, HandlerDeclarationError, MessageDeclarationError, TransportMissingError, type Problem } from './configuration-error.js'
export { errorFacts, type ErrorFacts } from './error-facts.js'
export {
  ClaimLostError,
  ContextKeyError,
  HandlerTimeoutError,
  MiddlewareError,
  NoMessageContextError,
  NotAMessageError,
  ThrownValueError,
  UnrecoverableError,
} from './handler-errors.js'
export {
  CrashLoopError,
  ExpiredError,
  InvalidMessageError,
  MessageError,
  NoHandlerError,
  TooLargeError,
  TooOldError,
  UnknownHandlerError,
  UnknownTypeError,
  UnmappableError,
  UnreadableBodyError,
  type Issue,
} from './message-errors.js'
export { quote } from './quote.js'
export {
  AlreadyHandledError,
  EventTimeoutError,
  NoQuorumError,
  NotAwaitedError,
  RemoteError,
  RepliesUnavailableError,
  RequestStoppedError,
  RequestTimeoutError,
} from './request-errors.js'
export { NotCancelableError, ScheduleStoreError } from './schedule-errors.js'
export {
  BackPressureError,
  HeldBufferFullError,
  InvalidSendOptionError,
  MissingKeyError,
  NoRouteError,
  PublishTimeoutError,
  SendAbortedError,
  SendError,
  type FailedSend,
} from './send-errors.js'
export { WaybillError, type ErrorCode } from './waybill-error.js'
