import './design/tokens.css';
import './design/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { appearance } from './lib/appearance.svelte';
import { session } from './lib/session.svelte';
import { texts } from './lib/texts.svelte';

appearance.start();
// Nothing is shown before there are words for it; who is there may take longer, and public pages do not wait for it.
void session.load().catch(() => (session.me = null));
await texts.start();
mount(App, { target: document.getElementById('app')! });
