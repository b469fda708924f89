import type { Server, ServerResponse } from 'node:http'

/** Listens on the loopback address only; port 0 takes a free one. Gives the base URL, without a slash at the end. */
export const listenLocally = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') {
        reject(new Error('the server has no port'))
        return
      }
      resolve(`http://127.0.0.1:${address.port}`)
    })
  })

/** Ends connections that are still open, those left hanging on purpose among them. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error)
      else resolve()
    })
    server.closeAllConnections()
  })

export const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
