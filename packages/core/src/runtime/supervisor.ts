import type { SupervisedWork, Supervisor } from '../contract/index.js'
import { SupervisedOpening, type SupervisorOptions, type WorkStatus } from './supervised-opening.js'

export interface Supervisors {
  /** Keeps a piece of work open until it is stopped: `TransportHost.supervise`. */
  supervise(work: SupervisedWork): Supervisor
  /** What is supervised now, in the order of its start. */
  status(): readonly WorkStatus[]
  /** Stops all; the latest first, for it may rest on the earlier ones. */
  stopAll(): Promise<void>
}

export function createSupervisors(options: SupervisorOptions): Supervisors {
  const openings = new Set<SupervisedOpening>()
  return {
    supervise(work) {
      const opening = new SupervisedOpening(work, options, () => void openings.delete(opening))
      openings.add(opening)
      return opening
    },
    status: () => Array.from(openings, (opening) => opening.status),
    async stopAll() {
      await Promise.all([...openings].toReversed().map((opening) => opening.stop()))
    },
  }
}
