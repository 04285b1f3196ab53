// Shapes of the API: words in both languages, and where a rule comes from.
export interface Label {
  zh: string;
  en: string;
}
export interface Source {
  clause?: string | null;
  text?: string | null;
  confidence?: string | null;
}
