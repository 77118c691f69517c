/** Colours and defaults; every text and control colour here passes WCAG AA in light and in dark. */
import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type VariantColorsResolver } from '@mantine/core';

// Mantine's own light variant puts a middle shade on a pale one, which is too little contrast for small text.
const variantColorResolver: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  const color = input.color ?? input.theme.primaryColor;
  const shade = (index: number) => `var(--mantine-color-${color}-${index})`;
  const readable = `light-dark(color-mix(in srgb, ${shade(9)} 70%, black), ${shade(2)})`;
  if (!(color in input.theme.colors)) return resolved;
  if (input.variant === 'light') {
    const surface = `light-dark(${shade(1)}, color-mix(in srgb, ${shade(9)} 40%, black))`;
    return { ...resolved, background: surface, color: readable, hover: `light-dark(${shade(2)}, color-mix(in srgb, ${shade(9)} 60%, black))` };
  }
  if (input.variant === 'subtle' || input.variant === 'outline' || input.variant === 'transparent') {
    return { ...resolved, color: readable };
  }
  return resolved;
};

// A filled button would become paler under the pointer, with too little contrast.
const filledHover = (colors: object) =>
  Object.fromEntries(Object.keys(colors).map((color) => [`--mantine-color-${color}-filled-hover`, `color-mix(in srgb, var(--mantine-color-${color}-9) 85%, black)`]));

export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    ...filledHover(colors),
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': '#5f6770',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-anchor': 'var(--mantine-color-cyan-9)',
    '--mantine-color-body': '#f6f8f9',
    '--crm-surface': '#ffffff',
    '--crm-line': '#dbe1e5',
  },
  dark: {
    ...filledHover(colors),
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-anchor': 'var(--mantine-color-cyan-3)',
    '--mantine-color-body': '#15191d',
    '--crm-surface': '#1d2329',
    '--crm-line': '#37414a',
  },
});

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: 'md',
  fontFamily:
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  headings: { sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.3' }, h2: { fontSize: '1.1rem', lineHeight: '1.4' } } },
  variantColorResolver,
  components: {
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true }, withArrow: true } },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
  },
});
