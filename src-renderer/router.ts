import type { RouteRecordRaw } from 'vue-router'
import { createRouter, createWebHashHistory } from 'vue-router'
import StartView from './features/start/StartView.vue'

const routes: RouteRecordRaw[] = [
  { path: '/', component: StartView, meta: { title: 'Start' } },
  { path: '/data', component: () => import('./features/data/DataView.vue'), meta: { title: 'Data' } },
  {
    path: '/data/:id',
    component: () => import('./features/data/DataView.vue'),
    props: true,
    meta: { title: 'Data' },
  },
  {
    path: '/new',
    component: () => import('./features/cotraining/NewCotrainingView.vue'),
    meta: { title: 'New co-training' },
  },
  {
    path: '/edit',
    component: () => import('./features/editor/EditorView.vue'),
    meta: { title: 'Experiment' },
  },
  { path: '/queue', component: () => import('./features/queue/QueueView.vue'), meta: { title: 'Queue' } },
  { path: '/runs', component: () => import('./features/runs/RunsView.vue'), meta: { title: 'Runs' } },
  {
    path: '/runs/:id',
    component: () => import('./features/run/RunView.vue'),
    props: true,
    meta: { title: 'Run' },
  },
  {
    path: '/packages',
    component: () => import('./features/packages/PackagesView.vue'),
    meta: { title: 'Packages' },
  },
  {
    path: '/families',
    component: () => import('./features/family/FamiliesView.vue'),
    meta: { title: 'Families' },
  },
  {
    path: '/families/:name',
    component: () => import('./features/family/FamilyView.vue'),
    props: true,
    meta: { title: 'Family' },
  },
  {
    path: '/compare',
    component: () => import('./features/compare/CompareView.vue'),
    meta: { title: 'Compare' },
  },
  {
    path: '/doctor',
    component: () => import('./features/settings/DoctorView.vue'),
    meta: { title: 'Engine' },
  },
  {
    path: '/settings',
    component: () => import('./features/settings/SettingsView.vue'),
    meta: { title: 'Settings' },
  },
  { path: '/:rest(.*)', redirect: '/' },
]

// Every component in every state, for those who work on them; no part of what ships.
if (import.meta.env.DEV || import.meta.env.MODE === 'fake') {
  routes.unshift({
    path: '/styleguide',
    component: () => import('./features/styleguide/StyleguideView.vue'),
    meta: { title: 'Style guide' },
  })
}

/** Hash routing: the same build works under app:// and http:// without a rule on either side. */
export const router = createRouter({ history: createWebHashHistory(), routes })

// The code of another page has been fetched and run by now. Making the page is a task of its own: both in one would hold up a frame.
router.beforeResolve((to, from) => to.path === from.path || new Promise((done) => setTimeout(done, 0, true)))
