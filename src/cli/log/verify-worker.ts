import { parentPort } from 'node:worker_threads'
import { runTask, type TaskResult, type VerifyTask } from './verify-task.ts'

const buffersOf = (result: TaskResult): ArrayBuffer[] =>
  'chunk' in result
    ? (['indexes', 'leaves', 'ids', 'instants', 'epochOf', 'counters', 'positions'] as const).map(
        (name) => result.chunk[name].buffer as ArrayBuffer,
      )
    : []

/** Runs one task after another, as they are handed over; an error is an answer like any other. */
parentPort?.on('message', (task: VerifyTask) => {
  try {
    const result = runTask(task)
    parentPort?.postMessage({ result }, buffersOf(result))
  } catch (cause) {
    parentPort?.postMessage({ error: cause instanceof Error ? cause.message : String(cause) })
  }
})
