import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** Folder of everything the app keeps: runs, data sets, caches, the provisioned engine. COTRAIN_HOME moves it. */
export function cotrainHome(): string {
  const configured = process.env['COTRAIN_HOME']
  return configured ? resolve(configured) : envPaths('cotrain', { suffix: '' }).data
}
