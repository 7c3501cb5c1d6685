import { LiveComponent, OnEvent, Payload, State } from 'nest-live';

/** Names of properties, methods and indexed places that the client or a browser's own script could read from a form. */
const OF_FORMS =
  'children childNodes attributes elements matches after before action id submit closest contains parentNode parentElement ' +
  'nodeName nodeType nodeValue tagName firstChild firstElementChild nextSibling isConnected classList className style ' +
  'getAttribute setAttribute hasAttribute removeAttribute querySelector querySelectorAll append insertBefore moveBefore ' +
  'removeChild replaceWith remove replaceChildren cloneNode dispatchEvent addEventListener removeEventListener focus blur ' +
  'innerHTML outerHTML textContent hidden dataset method target enctype length name type form value ownerDocument ' +
  'requestSubmit reset checkValidity noValidate root constructor prototype toString valueOf __proto__'.replace(
    'constructor prototype toString valueOf __proto__',
    'toString valueOf',
  );

const inputs = OF_FORMS.split(' ')
  .map((name) => `<input name="${name}" id="f-${name}" value="{{text}}" aria-label="${name}">`)
  .join('');

/** A form whose controls are called like what a form has itself; also one whose root is such a form. */
@LiveComponent('shadowed', {
  template: `<section><p><output>{{count}}</output> <i>{{names}}</i></p>
  <form live-submit="save">${inputs}<button>Save</button></form>
  <ul>{{#each rows}}<li live-key="{{this}}">{{this}}</li>{{/each}}</ul></section>`,
})
export class Shadowed {
  @State() count = 0;
  @State() names = 0;
  @State() text = 'a';
  @State() rows: number[] = [];

  @OnEvent()
  save(@Payload() payload: Record<string, unknown>): void {
    this.count += 1;
    this.names = Object.values(payload).filter((value) => value === 'typed').length;
    this.text = `after ${this.count}`;
    this.rows.push(this.count);
  }
}

@LiveComponent('shadowed-root', {
  template: `<form live-submit="save"><output>{{count}}</output>${inputs}<button>Save</button></form>`,
})
export class ShadowedRoot extends Shadowed {}
