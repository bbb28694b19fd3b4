export { compose } from './compose.js'
export { deliveryPipeline, deliverySteps, handlerPipeline, handlerSteps, replyPipeline } from './incoming-pipeline.js'
export { names, type NamedStep } from './named-step.js'
export { outgoingPipelines, outgoingSteps } from './outgoing-pipeline.js'
