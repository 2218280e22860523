import './jitless.ts'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router.ts'
import { startStores } from './stores/start-stores.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

/** One after the other, each as a task of its own: all in one would hold up the first frame. */
const nextTask = (): Promise<void> => new Promise((done) => setTimeout(done))

const app = createApp(App).use(createPinia())
await nextTask()
app.runWithContext(startStores)
app.use(router)
await nextTask()
app.mount('#app')
