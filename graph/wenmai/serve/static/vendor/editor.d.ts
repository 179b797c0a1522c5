// What we use of editor.js, without its types.

export const EditorState: any, Compartment: any, Prec: any;
export const EditorView: any, keymap: any, lineNumbers: any, drawSelection: any, highlightActiveLine: any, placeholder: any;
export const history: any, historyKeymap: any, defaultKeymap: any, indentWithTab: any;
export const StreamLanguage: any, bracketMatching: any, syntaxHighlighting: any, HighlightStyle: any;
export const sparql: any;
export const autocompletion: any, completionKeymap: any, closeBrackets: any, closeBracketsKeymap: any;
export const lintGutter: any, setDiagnostics: any;
export const tags: any;
