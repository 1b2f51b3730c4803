/** The look of the reference, light and dark: no script, no font and no picture from elsewhere. */
export const STYLE = `
:root{color-scheme:light dark;--paper:light-dark(#fdfcfa,#16151a);--card:light-dark(#fff,#1d1c22);--ink:light-dark(#24212b,#e8e5ee);
--soft:light-dark(#67616f,#a09aab);--line:light-dark(#e6e1da,#312e3a);--tint:light-dark(#f4f1ec,#25222c);--accent:light-dark(#96500a,#f0b060);
--edge:light-dark(#8d8794,#726c7e);--code:light-dark(#211d2b,#121117);--code-ink:#e9e4f0;--get:light-dark(#1d6b45,#7fd6a8);--post:light-dark(#7a4409,#f0b878);--delete:light-dark(#a3283a,#f59aa6)}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:1rem;scroll-behavior:smooth;text-size-adjust:100%}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
code,pre,.method{font-family:ui-monospace,"Cascadia Code","SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.875em;overflow-wrap:anywhere}
a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.18em}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}main:focus{outline:0}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:2}
.brand{display:flex;align-items:center;gap:.6rem;font-size:1.1rem;font-weight:650;color:inherit;text-decoration:none;letter-spacing:-.01em}
.brand svg{width:1.9rem;height:1.9rem;color:var(--accent);flex:none}
.brand small{font-weight:400;color:var(--soft)}
.search{display:flex;flex-wrap:wrap;gap:.3rem .4rem;margin:1rem 0 .6rem}.search label{flex:1 0 100%;font-size:.82rem;color:var(--soft);padding-left:.1rem}
input{flex:1 1 8rem;min-width:0}input,button{font:inherit;font-size:.92rem;padding:.4rem .6rem;border:1px solid var(--edge);border-radius:.4rem;background:var(--card);color:inherit}
button{cursor:pointer}button:hover{color:var(--accent);border-color:var(--accent)}::placeholder{color:var(--soft);opacity:1}
nav a{display:block;color:inherit;text-decoration:none;padding:.2rem .5rem;border-radius:.35rem;overflow-wrap:anywhere}
nav a:hover{background:var(--tint);color:var(--accent)}
nav ul{list-style:none;margin:0;padding:0}
nav p{font-size:.78rem;font-weight:600;color:var(--soft);margin:1.1rem .5rem .2rem}
nav [aria-current]{background:var(--tint);font-weight:600}
nav summary{padding:.2rem .5rem;cursor:pointer;border-radius:.35rem}nav summary:hover{background:var(--tint)}
nav li li a{font-size:.86rem;padding-left:1.2rem;display:flex;gap:.4rem}
nav .method{font-size:.64rem;flex:0 0 2.9em;font-weight:700;line-height:2.05}
main,footer{padding:0 clamp(1rem,3vw,2.75rem);max-width:88rem;min-width:0}
.page>*{min-width:0}
h1,h2,h3,h4{line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h1{font-size:clamp(1.8rem,3.4vw,2.6rem);font-weight:680;letter-spacing:-.022em;margin:clamp(1.5rem,4vw,3.2rem) 0 .4rem;max-width:26ch}
h2{font-size:1.7rem;font-weight:650;margin:3rem 0 .5rem}
article h2{font-size:1rem;font-weight:600;margin:0 0 1rem}article h2 a{color:inherit;text-decoration:none;display:flex;gap:.7rem;align-items:baseline}article h2 a:hover code{text-decoration:underline}
article h2 code{font-size:1.05rem}
h3{font-size:.95rem;margin:1.5rem 0 .4rem}h3 small{font-weight:400;color:var(--soft);margin-left:.4em}
#operations h3{font-size:1.25rem;margin:2.4rem 0 0}#operations h4{font-size:1.05rem;margin:1.6rem 0 0}#operations h4 a{color:inherit}
p{margin:.4rem 0;max-width:68ch}.lead{color:var(--soft);font-size:1.06rem}q{overflow-wrap:anywhere}
.summary{font-size:1.06rem}.quiet{color:var(--soft);font-size:.92rem}
article{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:clamp(1rem,2vw,1.6rem);margin:1.25rem 0}
article:target{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.method{font-weight:700;font-size:.8rem}.get{color:var(--get)}.post,.put,.patch{color:var(--post)}.delete{color:var(--delete)}
.index{list-style:none;margin:.5rem 0 0;padding:0}.index>li{border-top:1px solid var(--line);padding:.5rem 0}.index>li>a{text-decoration:none;font-weight:600}.index>li>a:hover{text-decoration:underline}.index>li>a:has(.method){display:flex;gap:.2rem;align-items:baseline}.index .method{flex:0 0 4.4em}.index p{margin:.1rem 0 0;font-size:.94rem}
.index code{color:var(--ink)}li:target{background:var(--tint);box-shadow:-.5rem 0 var(--tint),.5rem 0 var(--tint)}
.names{columns:11rem;list-style:none;margin:.8rem 0;padding:0;line-height:1.8}
.narrowed #start,.narrowed #models,.narrowed #objects,.narrowed h1,.narrowed .lead{display:none}
.sides{display:grid;gap:0 2rem}.sides>*{min-width:0}
.samples h3{color:var(--soft);font-weight:600}
.sample{position:relative}.sample pre{padding-top:2.3rem}.sample button{position:absolute;top:.45rem;right:.45rem;font-size:.75rem;padding:.15rem .5rem;background:#2f2a3b;color:#e9e4f0;border-color:#6d6680}
pre{background:var(--code);color:var(--code-ink);border-radius:.55rem;padding:.9rem 1rem;margin:.5rem 0;overflow:auto;font-size:.82rem;line-height:1.5;max-height:30rem;border:1px solid light-dark(transparent,var(--line))}
pre code{font-size:inherit;overflow-wrap:normal}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;border-top:1px solid var(--line);padding:.5rem .75rem .5rem 0;font-weight:400}
dl{margin:.6rem 0}dt{font-weight:600;margin-top:.9rem}dd{margin:0;max-width:68ch;color:var(--soft)}dd a,dd code{color:var(--ink)}dt code{color:var(--accent);font-weight:400;margin-left:.3em}
.members{font-size:.92rem}.members div{border-top:1px solid var(--line);padding:.5rem 0}.members dt{margin:0}.members dd{color:inherit}.members dd a{color:var(--accent)}
.members dt code{font-weight:600;color:inherit;margin:0}.members b{font-size:.74rem;font-weight:600;color:var(--accent);white-space:nowrap}.members p{margin:.1rem 0 0}.type{color:var(--soft);font-size:.86rem}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.55rem;background:var(--card)}.matrix{min-width:46rem}.matrix :is(th,td):first-child{position:sticky;left:0;padding-left:.9rem;background:var(--card)}.matrix :is(th,td):last-child{padding-right:.9rem}.matrix thead th{border:0;color:var(--soft);font-size:.82rem;white-space:nowrap}.number{text-align:right;font-variant-numeric:tabular-nums}
.matrix small{color:var(--soft);white-space:nowrap}.matrix th code{overflow-wrap:normal;white-space:nowrap}#models td:nth-of-type(1){min-width:9.8rem}#models td:nth-of-type(2){max-width:11rem}
details{border-top:1px solid var(--line);margin-top:1.2rem}article summary{padding:.6rem 0;cursor:pointer;font-weight:600;font-size:.9rem}article summary:hover{color:var(--accent)}
.refusals{columns:16rem;list-style:none;margin:.8rem 0;padding:0;font-size:.92rem;line-height:1.8}.refusals code{color:var(--ink);display:inline-block;min-width:4.6rem}
div:target{background:var(--tint)}.members dt a{color:inherit;text-decoration:none}.members dt a:hover{text-decoration:underline}
.neighbours{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.5rem;margin-top:2.5rem}.neighbours a{border:1px solid var(--line);padding:.5rem .9rem;color:var(--accent)}.neighbours [rel=prev]::before{content:"← "/""}.neighbours [rel=next]{margin-left:auto}.neighbours [rel=next]::after{content:" →"/""}
footer{color:var(--soft);font-size:.88rem;margin:3rem 0 2rem}footer::before{content:"";display:block;border-top:1px solid var(--line);padding-top:1rem}
@media(max-width:63.99rem){.side{padding:.8rem clamp(1rem,3vw,2.75rem);border-bottom:1px solid var(--line)}.menu>summary{font-weight:600;padding:.4rem .5rem;margin:0 -.5rem;cursor:pointer}.menu{border:0;margin:0}.search{margin:.7rem 0 .3rem}nav a{padding:.35rem .5rem}}
@media(min-width:44rem){.members div{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:0 1rem}.members b{display:block}}
@media(min-width:64rem){.page{display:grid;grid-template-columns:18rem minmax(0,1fr)}.side{position:sticky;top:0;height:100dvh;overflow-y:auto;padding:1.2rem 1rem 2rem;border-right:1px solid var(--line);scrollbar-width:thin}
.menu{border:0;margin:.5rem 0 0}
@supports selector(::details-content){.menu>summary{display:none}.menu::details-content{content-visibility:visible;block-size:auto}}}
@media(min-width:80rem){.sides{grid-template-columns:minmax(0,1fr) minmax(0,.82fr)}.samples{position:sticky;top:1rem;align-self:start}.samples>:first-child{margin-top:0}}
@media print{.side,.sample button,.neighbours{display:none}.page{display:block}article{break-inside:avoid}}
`.trim();
