// The provider's few pages, each in English and Chinese at once, and without any file of its own to load.

import { createHash } from 'node:crypto';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
  body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; }
  ul { list-style: none; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
  button { font: inherit; width: 100%; text-align: start; padding: .6rem .8rem; border: 1px solid; border-radius: .5rem; cursor: pointer; }
  button span { display: block; font-size: .85rem; }
  .typed { display: flex; gap: .5rem; align-items: end; margin-top: 1.5rem; }
  .typed button { width: auto; }
  label { display: block; flex: 1; }
  input { font: inherit; width: 100%; padding: .5rem; box-sizing: border-box; }
`;
const submitAtOnce = "document.getElementById('op.logoutForm').requestSubmit(document.getElementById('yes'))";
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    `default-src 'none'; style-src ${hash(style)}; script-src ${hash(submitAtOnce)}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

export function loginPage(people, unknown) {
  const buttons = people.map(({ sub, name, roles, team }) => `
      <li><button name="login" value="${escape(sub)}">${escape(name)}
        <span>${escape([sub, roles.join(', '), team].filter(Boolean).join(' · '))}</span></button></li>`);
  const refusal = unknown === undefined ? '' : `
    <p role="alert">Nobody is called “${escape(unknown)}”. 没有名为“${escape(unknown)}”的用户。</p>`;
  return page('Sign in · 登录', `
    <h1>Sign in · 登录</h1>
    <p>Choose one of the demo people. No password is needed.<br><span lang="zh">请选择一位演示人员，无需密码。</span></p>${refusal}
    <form method="post" aria-label="Demo people · 演示人员">
      <ul>${buttons.join('')}</ul>
    </form>
    <form method="post" class="typed">
      <label>User name · 用户名 <input name="login" autocomplete="username" required maxlength="100"></label>
      <button>Sign in · 登录</button>
    </form>`);
}

export function logoutPage(form) {
  return page('Sign out · 退出登录', `
    <h1>Sign out · 退出登录</h1>
    ${form}
    <button id="yes" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out · 退出登录</button>
    <script>${submitAtOnce}</script>`);
}

export function errorPage(error, description) {
  return page('Login failed · 登录失败', `
    <h1>Login failed · 登录失败</h1>
    <p>${escape(error)}: ${escape(description ?? '')}</p>
    <p><a href="/">Start again · 重新开始</a></p>`);
}

function page(title, body) {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${style}</style>
  </head>
  <body>
    <main>${body}
    </main>
  </body>
</html>
`;
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
