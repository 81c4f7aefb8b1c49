export { type ServerInfo, type ServerOptions, serve } from './server/serve.js';
