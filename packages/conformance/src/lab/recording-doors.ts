import type { Doors } from '../harness/harness.js'
import type { HistoryRecorder } from '../recorder/history-recorder.js'

/** The same doors; what goes in through them is on record, and what is removed is expected nowhere any more. */
export function recordingDoors(doors: Doors, recorder: HistoryRecorder): Required<Doors> {
  return {
    async publish(to, message) {
      // Replies reach no endpoint: nothing announces them.
      if (message.envelope?.kind !== 'reply')
        recorder.raw({ id: message.envelope?.id, to: 'endpoint' in to ? to.endpoint : to.topic, key: message.envelope?.key })
      await doors.publish(to, message)
    },
    read: (endpoint) => doors.read(endpoint),
    browse: (endpoint) => doors.browse(endpoint),
    deadLetters: (endpoint) => doors.deadLetters(endpoint),
    depth: (endpoint) => doors.depth(endpoint),
    entities: () => doors.entities(),
    async remove(what) {
      if (doors.remove === undefined) throw new TypeError("This transport has no door remove. Add 'door:remove' to what the scenario needs")
      await doors.remove(what)
      recorder.subscriptions.remove('endpoint' in what ? what.endpoint : what.topic)
    },
    consumerCount: (endpoint) => doors.consumerCount(endpoint),
    connections: () => doors.connections(),
  }
}
