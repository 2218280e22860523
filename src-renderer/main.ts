import './jitless.ts'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router.ts'
import { startStores } from './stores/start-stores.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'

const app = createApp(App).use(createPinia()).use(router)
// What the service is asked for is on its way while the window is made, in a task of its own: one for both would hold up the first frame.
app.runWithContext(startStores)
setTimeout(() => app.mount('#app'))
