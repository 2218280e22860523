import type {} from '../../../src-renderer/api/electron-transport.ts'
import '../../../src-renderer/jitless.ts'
import type { FakeState } from '../fake-service.ts'
import { createFakeService } from '../fake-service.ts'

// The fake stands where Electron's preload bridge would; the application cannot tell.
const state = new URLSearchParams(location.search).get('state') ?? 'demo'
const service = createFakeService(state as FakeState)
if (state !== 'empty') service.train()
window.cotrain = service
await import('../../../src-renderer/main.ts')
