// Loaded with `--require` into a Node process and all it starts: refuses every connection that leaves the machine and every
// name to be looked up, and writes one line about each to the file that COTRAIN_NETWORK_LOG names.
/* eslint-disable @typescript-eslint/no-require-imports -- threads run what is required first, not what is imported */
const dns = require('node:dns')
const { appendFileSync } = require('node:fs')
const { Socket } = require('node:net')

const log = process.env['COTRAIN_NETWORK_LOG']
const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/

function refuse(target) {
  if (log !== undefined) appendFileSync(log, `${target} by ${process.argv[1] ?? process.title}\n`)
  return Object.assign(new Error(`no network in this test: ${target}`), { code: 'ENETUNREACH' })
}

const { connect } = Socket.prototype
Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const { host, port, path } = typeof first === 'object' ? first : { host: args[1], port: first }
  if (path === undefined && typeof host === 'string' && !LOCAL.test(host)) {
    const error = refuse(`${host}:${port}`)
    process.nextTick(() => this.destroy(error))
    return this
  }
  return connect.apply(this, args)
}

const { lookup } = dns
dns.lookup = (name, ...rest) => {
  if (LOCAL.test(name)) return lookup(name, ...rest)
  const error = refuse(name)
  process.nextTick(rest.at(-1), error)
}
