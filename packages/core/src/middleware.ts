export {
  dropExpired,
  filter,
  flushOutgoing,
  logging,
  middleware,
  recover,
  timeout,
  type DropExpiredOptions,
  type FilterOptions,
  type HandlerStep,
  type LoggingOptions,
  type TimeoutOptions,
} from './invocation/index.js'
export { standardPipeline, type Pipeline, type StandardPipelineOptions } from './pipeline/index.js'
