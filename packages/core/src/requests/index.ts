export { PendingRequests } from './pending-requests.js'
export { ReplyEndpoint, type ReplyPipeline } from './reply-endpoint.js'
export { Requests } from './request.js'
