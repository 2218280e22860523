import { createPinia, setActivePinia } from 'pinia'
import { screen } from '@testing-library/dom'
import { userEvent } from '@testing-library/user-event'
import type { Component } from 'vue'
import { createApp, h, nextTick, reactive } from 'vue'
import { RouterView, createMemoryHistory, createRouter } from 'vue-router'
import type { Bridge } from '../../src-renderer/api/electron-transport.ts'
import type { EventName, EventPayload, Method, Params } from '../../src-shared/contract/contract.ts'
import type { FakeService, FakeState } from './fake-service.ts'
import { createFakeService } from './fake-service.ts'
import { router as routes } from '../../src-renderer/router.ts'

/** What the fake answers otherwise, method by method; throw CotrainError to refuse. */
export type Answers = Partial<FakeService>

export interface Showing {
  /** The state of the fake service: demo, empty, many, huge, error, loading. */
  readonly state?: FakeState
  readonly answers?: Answers
  readonly props?: Record<string, unknown>
  /** Text of slots by name. */
  readonly slots?: Record<string, string>
  /** Where the page is, for a view that reads its route. */
  readonly at?: string
}

/** A component on a page of its own, as a person meets it. Queries by role and name come from @testing-library/dom. */
export interface Shown {
  readonly user: ReturnType<typeof userEvent.setup>
  /** Calls of the service since it was shown, in order. */
  readonly calls: { readonly method: Method; readonly params: unknown }[]
  /** What the component told its parent, by name of the event without "on". */
  readonly emitted: { readonly name: string; readonly values: readonly unknown[] }[]
  /** All visible words of the page, blanks as one. */
  text(): string
  /** Other props, as a parent changes them. */
  change(props: Record<string, unknown>): Promise<void>
  /** News from the service. */
  news<E extends EventName>(event: E, payload: EventPayload<E>): Promise<void>
  /** The address the page has come to. */
  where(): string
  /** Params of the calls of one method. */
  paramsOf<M extends Method>(method: M): Params<M>[]
}

let serviceNow: Bridge | undefined
let leave: (() => void) | undefined

/** The line is chosen once in a process, so one bridge stands for the fake of each test. */
const bridge: Bridge = {
  call: (method, params) => serviceNow?.call(method, params) ?? Promise.reject(new Error('no service')),
  listen: (event, handler) => serviceNow?.listen(event, handler) ?? (() => undefined),
  pathOf: (file) => Promise.resolve(`/dropped/${file.name}`),
}

/** Lets calls of the service and what follows from them be drawn. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await nextTick()
  }
}

/**
 * Shows one component with the real stores, router and client over the fake service.
 * Events that the component emits are kept by name; `update:x` also sets the prop x, as v-model does.
 */
export async function show(component: Component, given: Showing = {}): Promise<Shown> {
  leave?.()
  localStorage.clear()
  const service = createFakeService(given.state ?? 'demo', given.answers)
  const calls: Shown['calls'][number][] = []
  serviceNow = {
    ...service,
    call: (method, params) => {
      calls.push({ method: method as Method, params })
      return service.call(method, params)
    },
  }
  window.cotrain = bridge
  const props = reactive<Record<string, unknown>>({ ...given.props })
  const emitted: Shown['emitted'][number][] = []
  const listeners = namesOfEvents(component).map((name) => [
    `on${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    (...values: unknown[]) => {
      emitted.push({ name, values })
      if (name.startsWith('update:')) props[name.slice('update:'.length)] = values[0]
    },
  ])
  const slots = Object.fromEntries(
    Object.entries(given.slots ?? {}).map(([name, text]) => [name, () => text]),
  )
  const pinia = createPinia()
  setActivePinia(pinia)
  const page = { render: () => h(component, { ...props, ...Object.fromEntries(listeners) }, slots) }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: routes.getRoutes().map(({ path }) => ({ path, component: page })),
  })
  await router.push(given.at ?? '/')
  const app = createApp({ render: () => h(RouterView) })
  const place = document.body.appendChild(document.createElement('div'))
  app.use(pinia).use(router).mount(place)
  leave = () => {
    app.unmount()
    document.body.replaceChildren()
    leave = undefined
  }
  await settled()
  return {
    user: userEvent.setup(),
    calls,
    emitted,
    text: () => (document.body.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
    change: async (more) => {
      Object.assign(props, more)
      await settled()
    },
    news: async (event, payload) => {
      service.emit(event, payload)
      await settled()
    },
    where: () => router.currentRoute.value.fullPath,
    paramsOf: <M extends Method>(method: M) =>
      calls.filter((call) => call.method === method).map(({ params }) => params as Params<M>),
  }
}

function namesOfEvents(component: Component): readonly string[] {
  const { emits } = component as { emits?: readonly string[] | Record<string, unknown> }
  return Array.isArray(emits) ? (emits as readonly string[]) : Object.keys(emits ?? {})
}

/** The one element of this role and accessible name. */
export const byRole = (role: string, name: string | RegExp): HTMLElement => screen.getByRole(role, { name })
