"""The one entry: security headers, who is here, navigation by role. Run with `streamlit run app.py`.

The server imports this file once for `app`; Streamlit then runs it as a script for every visit.
"""

import streamlit as st

if __name__ == "__main__":
    from chm.errors import ChmError, SignedOut
    from pages.parts import faults, gate, markup, navigation

    st.set_page_config("Contextual Harm Matrix", "pages/parts/logo.svg", layout="wide")
    st.logo("pages/parts/logo.svg", size="large")
    markup.look()
    try:
        navigation.pages(gate.user()).run()
    except SignedOut as error:
        gate.signed_out(error)
    except ChmError as error:
        faults.show(error, "This page cannot be shown now")
    finally:
        gate.drawn()
else:
    from chm import fault_log
    from pages.parts.downloads import route
    from pages.parts.faults import unforeseen
    from pages.parts.start import middleware, provider, ready, secrets

    fault_log.without_words()
    fault_log.in_service()
    found = provider()
    app = st.App(
        __file__,
        secrets=secrets(found),
        routes=[route],
        middleware=middleware(found),
        lifespan=ready,
        on_script_error=unforeseen,
    )
