export { compose } from './compose.js'
export { deliveryPipeline, deliverySteps, handlerPipeline, handlerSteps, replyPipeline } from './incoming-pipeline.js'
export { outgoingMessageSteps, outgoingPipelines, outgoingWireSteps } from './outgoing-pipeline.js'
export { names } from './step-maker.js'
