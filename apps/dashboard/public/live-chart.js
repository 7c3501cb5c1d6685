/* global Chart */

const STYLES = '/assets/dashboard/live-chart.css';
const stillness = matchMedia('(prefers-reduced-motion: reduce)');
const darkness = matchMedia('(prefers-color-scheme: dark)');

/**
 * Draws the table it holds: the first column names the places, each further column is a series, and the numbers are
 * `<data value>`. A patch changes the table; the chart that is there is updated. The canvas is in a shadow root, where no
 * patch looks, and the table stays for those who read it: without scripts it is simply shown.
 */
class LiveChart extends HTMLElement {
  #chart;
  #colours = [];
  #watch = new MutationObserver(() => this.#draw('active'));
  #repaint = () => this.#paint();

  connectedCallback() {
    const canvas = this.shadowRoot?.querySelector('canvas') ?? this.#furnish();
    const isLine = this.getAttribute('kind') === 'line';
    this.#chart = new Chart(canvas, {
      type: isLine ? 'line' : 'bar',
      data: { labels: [], datasets: [] },
      options: {
        maintainAspectRatio: false,
        interaction: { mode: 'index', intersect: false },
        plugins: { legend: { display: isLine, align: 'end', labels: { boxWidth: 18, boxHeight: 2 } } },
        scales: {
          x: { grid: { display: false }, ticks: { autoSkip: isLine, maxRotation: 0, autoSkipPadding: 24 } },
          y: { beginAtZero: true, border: { display: false }, ticks: { maxTicksLimit: 5, precision: 0 } },
        },
      },
    });
    this.#paint();
    this.#watch.observe(this, { subtree: true, childList: true, characterData: true, attributeFilter: ['value'] });
    darkness.addEventListener('change', this.#repaint);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    darkness.removeEventListener('change', this.#repaint);
    this.#chart.destroy();
  }

  #furnish() {
    const root = this.attachShadow({ mode: 'open' });
    const [styles, stage, table] = ['link', 'div', 'div'].map((name) => document.createElement(name));
    Object.assign(styles, { rel: 'stylesheet', href: STYLES });
    stage.className = 'stage';
    table.className = 'table';
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    stage.append(canvas);
    table.append(document.createElement('slot'));
    root.append(styles, stage, table);
    return canvas;
  }

  /** Colours are the page's own variables, light or dark. */
  #paint() {
    const style = getComputedStyle(this);
    const of = (name) => style.getPropertyValue(name).trim();
    const { options } = this.#chart;
    options.color = of('--soft');
    options.font = { family: style.fontFamily };
    for (const scale of [options.scales.x, options.scales.y]) {
      scale.ticks.color = of('--soft');
      scale.grid.color = of('--line');
    }
    this.#colours = [of('--accent'), of('--soft')];
    this.#draw('none');
  }

  #draw(mode) {
    const { data, options } = this.#chart;
    const rows = [...this.querySelectorAll('tbody tr')];
    const names = [...this.querySelectorAll('thead th')].slice(1).map((head) => head.textContent);
    data.labels = rows.map((row) => row.cells[0].textContent);
    names.forEach((label, place) => {
      const series = (data.datasets[place] ??= { data: [] });
      const colour = this.#colours[place % this.#colours.length];
      // The first is what it is about; the others are what it is compared with.
      const line = {
        borderWidth: place ? 1.5 : 2.5,
        borderDash: place ? [4, 4] : [],
        pointRadius: 0,
        cubicInterpolationMode: 'monotone',
      };
      const look = this.getAttribute('kind') === 'line' ? line : { borderRadius: 6, maxBarThickness: 64 };
      Object.assign(series, look, { label, borderColor: colour, backgroundColor: colour });
      series.data = rows.map((row) => Number(row.cells[place + 1].querySelector('data').value));
    });
    data.datasets.length = names.length;
    // A line that moves on by a place would wave if its points were moved one by one.
    options.animation = stillness.matches || this.getAttribute('kind') === 'line' ? false : { duration: 300 };
    this.#chart.update(mode === 'none' ? 'none' : undefined);
  }
}

customElements.define('live-chart', LiveChart);
