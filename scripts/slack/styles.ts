/** How the page looks: near enough to Slack to judge a card by. */
export const styles = `
* { box-sizing: border-box; }
body { margin: 0; background: #4a154b; font: 15px/1.46 Lato, "Noto Sans CJK SC", "Helvetica Neue", sans-serif; color: #1d1c1d; }
main { display: flex; gap: 16px; padding: 16px; align-items: flex-start; }
.pane { background: #fff; border-radius: 8px; width: 520px; }
.modal-pane { background: none; width: 440px; }
.pane > header { border-radius: 8px 8px 0 0; padding: 10px 16px; font-weight: 900; border-bottom: 1px solid #ddd; background: #f8f8f8; }
.pane > header button { border: 0; padding: 0; background: none; font: inherit; }
.scroll { padding: 8px 16px 16px; }
article { display: flex; gap: 10px; margin-top: 12px; }
.face { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #1f2a44; color: #ffd76a; font: 700 18px/36px sans-serif; text-align: center; }
.body { flex: 1; min-width: 0; }
.body p { margin: 0; }
.app { background: #e8e8e8; color: #616061; border-radius: 2px; font-size: 10px; padding: 1px 4px; vertical-align: 2px; }
small { color: #616061; margin-left: 6px; }
h3 { margin: 6px 0 4px; font-size: 18px; line-height: 1.3; }
.attachment { border-left: 4px solid; border-radius: 4px; padding: 2px 0 2px 12px; margin-top: 4px; }
.section { margin: 8px 0; overflow-wrap: anywhere; }
.context { color: #616061; font-size: 13px; margin: 6px 0; }
pre { background: #f8f8f8; border: 1px solid #e1e1e1; border-radius: 4px; padding: 8px; margin: 4px 0; font: 12px/1.5 Monaco, Menlo, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { background: #f8f8f8; border: 1px solid #e1e1e1; border-radius: 3px; color: #c01343; font: 12px Monaco, Menlo, "DejaVu Sans Mono", monospace; padding: 2px 3px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; align-items: center; }
button { font: 700 13px/1 inherit; font-family: inherit; padding: 9px 12px; border: 1px solid #bbb; border-radius: 4px; background: #fff; cursor: pointer; }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff; }
.overflow { position: relative; }
.overflow summary { list-style: none; border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; cursor: pointer; font-weight: 900; }
.overflow div { border: 1px solid #ddd; border-radius: 6px; background: #fff; box-shadow: 0 4px 12px #0003; padding: 6px 0; margin-top: 4px; min-width: 180px; position: absolute; right: 0; z-index: 2; }
.overflow div button { display: block; width: 100%; border: 0; text-align: left; font-weight: 400; font-size: 15px; padding: 8px 16px; border-radius: 0; }
a { color: #1264a3; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
img { max-width: 100%; border: 1px solid #ddd; border-radius: 6px; margin-top: 6px; }
.pane > form { padding: 0 16px 16px; }
.album { align-items: stretch; flex-wrap: wrap; width: max-content; max-width: 1640px; }
.album .pane { padding-bottom: 12px; }
@media (max-width: 1100px) { main { flex-direction: column; align-items: stretch; padding: 8px; width: auto; } .pane, .modal-pane { width: auto; } }
input, select, textarea { width: 100%; font: inherit; padding: 8px 12px; border: 1px solid #bbb; border-radius: 4px; }
textarea { min-height: 84px; }
label { display: block; font-weight: 700; margin: 12px 0 4px; }
label.box { font-weight: 400; display: flex; gap: 8px; }
label.box input { width: auto; }
.modal { background: #fff; border-radius: 8px; padding: 16px 20px; box-shadow: 0 8px 32px #0006; }
.modal header { font-size: 20px; font-weight: 900; margin-bottom: 8px; }
.modal footer { display: flex; justify-content: flex-end; gap: 8px; margin-top: 16px; }
`;
