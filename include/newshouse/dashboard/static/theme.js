// Before anything is drawn: the theme that was chosen here, else that of the system.
const chosen = (() => { try { return localStorage.getItem('newshouse-theme'); } catch { return null; } })();
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
document.documentElement.dataset.theme = chosen === 'light' || chosen === 'dark' ? chosen : dark ? 'dark' : 'light';
