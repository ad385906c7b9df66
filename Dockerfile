# docker build -t adamax-lab . && docker run -p 8501:8501 adamax-lab
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt && useradd --create-home app
USER app
EXPOSE 8501
# Empty: the app is at the root of its host. Behind deploy/nginx.conf: docker run -e STREAMLIT_SERVER_BASE_URL_PATH=adamax …
ENV STREAMLIT_SERVER_BASE_URL_PATH=""
HEALTHCHECK CMD python -c "import os, urllib.request as u; \
  u.urlopen('http://127.0.0.1:8501/' + (os.environ['STREAMLIT_SERVER_BASE_URL_PATH'] + '/').lstrip('/') + '_stcore/health')"
CMD ["streamlit", "run", "app.py", "--server.headless", "true", "--server.address", "0.0.0.0"]
