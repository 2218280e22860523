import { isAbsolute, relative, resolve } from 'node:path'
import { factsOf } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'

/** The places that the person has shown to the app; a page that was taken over cannot name others. */
export interface PathGrants {
  /** Remembers what a dialog returned or what was dropped. */
  grant(path: string): void
  /** Why a call may not go on to the service; null when it may. */
  refusal(method: unknown, params: unknown): Problem | null
}

export function createPathGrants(): PathGrants {
  const granted = new Set<string>()
  const isGranted = (path: string): boolean =>
    isAbsolute(path) && [...granted].some((root) => isAtOrBelow(root, resolve(path)))
  return {
    grant: (path) => void granted.add(resolve(path)),
    refusal: (method, params) => {
      const names = factsOf(String(method))?.paths ?? []
      // Anything but text is refused by the schema of the method; the empty text takes a setting back.
      const path = names
        .map((name) => (params as Record<string, unknown> | null | undefined)?.[name])
        .find((value) => typeof value === 'string' && value !== '' && !isGranted(value))
      if (typeof path !== 'string') return null
      const message = 'this place was not chosen in a file dialog.'
      return { code: 'not-allowed', path, message, hint: 'Choose it with the button, or drop it.' }
    },
  }
}

function isAtOrBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way.split(/[/\\]/)[0] !== '..' && !isAbsolute(way))
}
