import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { runTask, type TaskResult, type VerifyTask } from './verify-task.ts'

/** A bundle of a few files is checked sooner than a thread starts. */
const WORTH_THREADS = 6

/** Runs tasks on as many threads as the machine has, and gives their results in the order of the tasks. */
export const runTasks = async (tasks: readonly VerifyTask[]): Promise<readonly TaskResult[]> => {
  if (tasks.length < WORTH_THREADS) return tasks.map(runTask)
  const results: TaskResult[] = []
  let next = 0
  const workOff = async (): Promise<void> => {
    const worker = new Worker(new URL('./verify-worker.ts', import.meta.url))
    try {
      while (next < tasks.length) {
        const place = next
        next += 1
        results[place] = await ask(worker, tasks[place]!)
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(tasks.length, availableParallelism()) }, workOff))
  return results
}

const ask = (worker: Worker, task: VerifyTask): Promise<TaskResult> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (answer: { result?: TaskResult; error?: string }) => {
      worker.removeListener('error', reject)
      if (answer.result === undefined) reject(new Error(answer.error))
      else resolve(answer.result)
    })
    worker.postMessage(task)
  })
